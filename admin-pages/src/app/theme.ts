import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Dark enough for white text on it, and from there to honey. */
const honey: MantineColorsTuple = [
  '#fff7e0',
  '#ffedbf',
  '#ffdd8a',
  '#ffcb52',
  '#f9b81f',
  '#f5ab0c',
  '#c47f00',
  '#8f5a00',
  '#744800',
  '#573600',
];

/** Red enough to warn, and dark enough to read. */
const danger: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff8787',
  '#e03131',
  '#c92a2a',
  '#b02525',
  '#8f1d1d',
];

export const theme = createTheme({
  primaryColor: 'honey',
  primaryShade: 7,
  colors: { honey, danger },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
