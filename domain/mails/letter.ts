import { type Letter, oneLine } from '../mail.ts';

/** What a mail says before it looks like anything: paragraphs of plain text, and a code if it carries one. */
export type Wording = { subject: string; heading: string; body: (string | { code: string })[] };
type Frame = { language: string; footer: string };

/** The one layout. All that it is told is text: nothing gets into the HTML but through `escaped`. */
export function letter({ language, footer }: Frame, { subject, heading, body }: Wording): Letter {
  const blocks = body.map((block) => (typeof block === 'string' ? block : block.code));
  const title = escaped(heading);
  const parts = body.map((block) =>
    typeof block === 'string' ? `<p style="margin:0 0 16px">${escaped(block)}</p>` : codeBox(block.code),
  );
  return {
    subject: oneLine(subject),
    text: `${[heading, ...blocks, footer].map(oneLine).join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="${escaped(language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${title}</title><style>${STYLE}</style></head>
<body class="page" style="${PAGE}">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="${PAGE}">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="${CARD}">
<tr><td style="padding:28px">
<p class="mark" style="margin:0 0 20px;color:#855000;font-weight:700">honeyDue</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">${title}</h1>
${parts.join('\n')}
<p class="soft" style="margin:24px 0 0;color:#6a5a45;font-size:13px">${escaped(footer)}</p>
</td></tr></table></td></tr></table></body></html>
`,
  };
}

// Inline for clients that drop <style>; those that keep it get the dark scheme.
const PAGE = 'margin:0;background:#fffaf0';
const CARD =
  'max-width:480px;border-radius:14px;background:#ffffff;color:#2b2013;text-align:left;overflow-wrap:anywhere;' +
  "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const CODE =
  'margin:0 0 16px;padding:14px 0;border-radius:10px;background:#ffe9bd;color:#2b2013;text-align:center;' +
  'font:700 34px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:6px;text-indent:6px;-webkit-user-select:all;user-select:all';
const STYLE =
  ':root{color-scheme:light dark}@media(prefers-color-scheme:dark){.page{background:#16120d!important}' +
  '.card{background:#221c14!important;color:#f7eee0!important}.soft{color:#bfae96!important}' +
  '.mark,.code{color:#ffc85c!important}.code{background:#35260c!important}}';

/** Spaced by style and not by spaces, so that it is copied as it is typed. */
const codeBox = (code: string): string => `<p class="code" style="${CODE}">${escaped(code)}</p>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => oneLine(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
