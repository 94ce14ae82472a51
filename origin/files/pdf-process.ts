// A process of its own: reads the text of the PDF that comes in.
import { getDocumentProxy } from 'unpdf';
import { FileFault } from '../../domain/file-fault.ts';
import { TEXT_LENGTH_MAX } from '../../domain/file-work.ts';
import { answerWith } from './child.ts';

/** Of a paper that takes longer, what was read until then has to do. */
const ENOUGH_MS = 30_000;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Pdf['getPage']>>;
type TextContent = Awaited<ReturnType<Page['getTextContent']>>;

await answerWith(async (bytes) => [{ name: 'text', bytes: new TextEncoder().encode(await textOf(await open(bytes))) }]);

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(bytes, { verbosity: 0, disableFontFace: true, useSystemFonts: false });
  } catch (error) {
    if (error instanceof RangeError || !(error instanceof Error)) throw error;
    if (error.name === 'PasswordException') throw new FileFault('pdf_encrypted', error.message);
    throw new FileFault('file_damaged', error.message);
  }
}

/** Page by page. One that cannot be read is left away, unless that is all of them. */
async function textOf(pdf: Pdf): Promise<string> {
  const until = performance.now() + ENOUGH_MS;
  const isEnough = (length: number) => length >= TEXT_LENGTH_MAX || performance.now() > until;
  const texts: string[] = [];
  let broken: unknown = null;
  for (let page = 1, length = 0; page <= pdf.numPages && !isEnough(length); page += 1) {
    try {
      const text = await textOfPage(pdf, page, (of_page) => isEnough(length + of_page));
      texts.push(text);
      length += text.length;
    } catch (error) {
      broken = error;
    }
  }
  if (texts.length === 0) throw new FileFault('file_damaged', `No page can be read: ${broken}`);
  return texts.join('\n').trim();
}

/** As it is read: a page may be longer than all that is wanted. */
async function textOfPage(pdf: Pdf, number: number, isEnough: (length: number) => boolean): Promise<string> {
  const page = await pdf.getPage(number);
  const reader = page.streamTextContent().getReader();
  let text = '';
  while (!isEnough(text.length)) {
    const { done, value } = await reader.read();
    if (done) break;
    for (const item of (value as TextContent).items) if ('str' in item) text += item.str + (item.hasEOL ? '\n' : '');
  }
  page.cleanup();
  return text;
}
