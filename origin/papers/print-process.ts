// A process of its own: sets the report that comes in as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Report } from '../../domain/report.ts';
import { answerWith } from '../files/child.ts';
import { barChart } from './chart.ts';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const packageFolder = (name: string): string => {
  const { resolve } = createRequire(import.meta.url);
  return join(resolve(name).split(`node_modules/${name}/`)[0] ?? '', 'node_modules', name);
};

/** Latin, Greek, Cyrillic and Devanagari; Arabic; Hebrew; Chinese and Japanese; Korean; emoji. */
const FONTS: [name: string, files: string[]][] = [
  ['@embedpdf/fonts-latin', ['fonts/NotoSans-Regular.ttf', 'fonts/NotoSans-Bold.ttf']],
  ['@embedpdf/fonts-arabic', ['fonts/NotoNaskhArabic-Regular.ttf', 'fonts/NotoNaskhArabic-Bold.ttf']],
  ['@embedpdf/fonts-hebrew', ['fonts/NotoSansHebrew-Regular.ttf', 'fonts/NotoSansHebrew-Bold.ttf']],
  ['@embedpdf/fonts-sc', ['fonts/NotoSansHans-Regular.otf', 'fonts/NotoSansHans-Bold.otf']],
  ['@embedpdf/fonts-kr', ['fonts/NotoSansKR-Regular.otf', 'fonts/NotoSansKR-Bold.otf']],
  ['@expo-google-fonts/noto-emoji', ['400Regular/NotoEmoji_400Regular.ttf', '700Bold/NotoEmoji_700Bold.ttf']],
];

await answerWith(async (sent) => [{ name: 'report', bytes: typeset(JSON.parse(new TextDecoder().decode(sent))) }]);

function typeset(report: Report): Buffer {
  const fontBlobs = FONTS.flatMap(([name, files]) =>
    files.map((file) => readFileSync(join(packageFolder(name), file))),
  );
  const compiler = NodeCompiler.create({ workspace: FOLDER, fontArgs: [{ fontBlobs }] });
  compiler.mapShadow(join(FOLDER, 'report.json'), Buffer.from(JSON.stringify(report)));
  compiler.mapShadow(join(FOLDER, 'by-month.svg'), Buffer.from(barChart(report.by_month, 'column')));
  compiler.mapShadow(join(FOLDER, 'by-category.svg'), Buffer.from(barChart(report.by_category, 'row')));
  const compiled = compiler.compile({ mainFilePath: join(FOLDER, 'report.typ') });
  if (!compiled.result) throw new Error(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics));
  return compiler.pdf(compiled.result);
}
