import { parse } from 'content-disposition';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentDisposition, safeFilename } from '../../domain/content-disposition.ts';

test.for([
  ['Boiler manual.pdf', 'Boiler manual.pdf'],
  ['Überfällig 濾紙 👨‍👩‍👧.pdf', 'Überfällig 濾紙 👨‍👩‍👧.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\win.ini', 'win.ini'],
  ['..', 'file'],
  ['', 'file'],
  ['.htaccess', 'htaccess'],
  ['a\r\nSet-Cookie: x=1.pdf', 'aSet-Cookie_ x=1.pdf'],
  ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['a"b<c>|?*.pdf', 'a_b_c_.pdf'],
  ['name. ', 'name'],
  ['lone \uD800 half.txt', 'lone \uFFFD half.txt'],
  [`${'x'.repeat(119)}  ${'x'.repeat(9)}`, 'x'.repeat(119)],
  [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(116)}.pdf`],
] as const)('%j is saved as %j', ([filename, saved]) => {
  expect(safeFilename(filename)).toBe(saved);
  expect(parse(contentDisposition('attachment', filename))).toMatchObject({
    type: 'attachment',
    parameters: { filename: saved },
  });
});

test('no name breaks the header, or leads anywhere', () => {
  const names = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 400 }));
  const property = fc.property(names, fc.constantFrom('inline', 'attachment'), (filename, type) => {
    const header = contentDisposition(type, filename);
    expect(header).toMatch(/^(inline|attachment); [\x20-\x7e]+$/);
    const saved = safeFilename(filename);
    expect(parse(header)).toMatchObject({ type, parameters: { filename: saved } });
    expect(saved).not.toMatch(/[/\\\p{Cc}]|^\.|^$/u);
    expect(safeFilename(saved)).toBe(saved);
  });
  fc.assert(property, { numRuns: 1000 });
});
