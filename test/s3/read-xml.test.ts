import { expect, test } from 'vitest';
import { readXml } from '../../dev/s3/read-xml.ts';

test('small XML is read', () => {
  const source =
    '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="x">\n <B>1 &lt;&amp;&#x1F41D;&#33;</B>\n <C/><B />\n</A>\n';
  expect(readXml(source, 'A').children).toEqual([
    { name: 'B', children: [], text: '1 <&🐝!' },
    { name: 'C', children: [], text: '' },
    { name: 'B', children: [], text: '' },
  ]);
});

test.each([
  '',
  'A',
  '<B/>',
  '<A>',
  '</A>',
  '<A></A></A>',
  '<A/><A/>',
  '<A><B></A></B>',
  '<A>text<B/></A>',
  '<A/>text',
  '<A b="c"/>',
  '<a:A/>',
  '<A><!-- --></A>',
  '<!DOCTYPE A [<!ENTITY b "c">]><A>&b;</A>',
  '<A><![CDATA[x]]></A>',
  '<A><?php ?></A>',
  '<A>&nbsp;</A>',
  '<A>&constructor;</A>',
  '<A>&</A>',
  '<A>&amp</A>',
  '<A>&#xD800;</A>',
  '<A>&#0;</A>',
  '<A>&#x110000;</A>',
  `${'<A>'.repeat(20)}${'</A>'.repeat(20)}`,
  `<A>${'<B/>'.repeat(50_001)}</A>`,
])('anything else is refused: %.40s', (source) => {
  expect(() => readXml(source, 'A')).toThrow('The XML you provided');
});
