import type { ReactElement } from 'react';
import { render, toPlainText } from 'react-email';
import { Action, BoardColumn, Code, DatedItem, Home, Item, List, Paragraph, Quote } from './blocks.tsx';
import { Footer, FooterWithLink, Layout } from './layout.tsx';

const slot = (name: string): string => `{{${name}}}`;

/** What a mail is put together from, with slots for what is only known when it is sent. */
const PARTS: Record<string, ReactElement> = {
  layout: <Layout language={slot('language')} heading={slot('heading')} body={slot('body')} />,
  footer: <Footer text={slot('text')} />,
  footerWithLink: <FooterWithLink text={slot('text')} label={slot('label')} url={slot('url')} />,
  paragraph: <Paragraph text={slot('text')} />,
  code: <Code code={slot('code')} />,
  action: <Action label={slot('label')} url={slot('url')} />,
  quote: <Quote lines={slot('lines')} />,
  home: <Home name={slot('name')} />,
  boardColumn: <BoardColumn name={slot('name')} color={slot('color')} tasks={slot('tasks')} />,
  list: <List items={slot('items')} />,
  item: <Item text={slot('text')} />,
  datedItem: <DatedItem text={slot('text')} when={slot('when')} />,
};

export type Part = { html: string; text: string };

/** Each part as HTML and as plain text. */
export async function renderParts(): Promise<Record<string, Part>> {
  const rendered = Object.entries(PARTS).map(async ([name, part]) => [name, await renderPart(part)] as const);
  return Object.fromEntries(await Promise.all(rendered));
}

async function renderPart(part: ReactElement): Promise<Part> {
  const html = (await render(part)).replace(REACT_MARKS, '').replace(DOCTYPE, '');
  return { html, text: textOf(html) };
}

const REACT_MARKS = /<!--(?: |\/?\$|html|head|body)-->/g;
/** `render` takes all for a whole document: a part that is none loses its doctype again. */
const DOCTYPE = /^<!DOCTYPE[^>]*>(?!<html)/;
const HEADINGS = ['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } }));

/** An item has its bullet from the list around it. */
const textOf = (html: string): string =>
  toPlainText(html.startsWith('<li') ? `<ul>${html}</ul>` : html, {
    wordwrap: false,
    selectors: [...HEADINGS, { selector: 'a', options: { linkBrackets: ['<', '>'] } }],
  });
