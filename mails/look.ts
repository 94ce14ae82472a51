import type { CSSProperties } from 'react';

// Inline for clients that drop <style>; those that keep it get the dark scheme.
export const PAGE: CSSProperties = { margin: 0, backgroundColor: '#fffaf0', padding: '24px 12px' };
export const CARD: CSSProperties = {
  maxWidth: 480,
  borderTop: '4px solid #f5ab0c',
  borderRadius: 14,
  backgroundColor: '#ffffff',
};
export const INK = '#2b2013';
export const WRITING: CSSProperties = {
  padding: 28,
  color: INK,
  textAlign: 'left',
  overflowWrap: 'anywhere',
  font: '16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif',
};
export const TEXT: CSSProperties = { margin: '0 0 16px', fontSize: 16, lineHeight: 1.5 };
export const SOFT: CSSProperties = { color: '#6a5a45', fontSize: 13, lineHeight: 1.5 };
export const ACCENT = '#855000';
export const HONEY = '#ffe9bd';

/** react-email paints the page on the body and on the cell in it, which it marks with the language and no class. */
const PAPER = '.page,.page td[lang]';
export const DARK =
  ':root{color-scheme:light dark}@media(prefers-color-scheme:dark){' +
  `${PAPER}{background-color:#16120d!important}` +
  '.card{background-color:#221c14!important}.ink{color:#f7eee0!important}' +
  '.soft{color:#bfae96!important}.mark,.code{color:#ffc85c!important}' +
  '.code,.quote{background-color:#35260c!important}.quote{color:#f7eee0!important}' +
  '.action{background-color:#ffc85c!important;color:#221c14!important}}';
