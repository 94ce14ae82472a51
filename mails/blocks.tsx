import type { ReactNode } from 'react';
import { Button, Heading, Text } from 'react-email';
import { ACCENT, HONEY, INK, SOFT, TEXT } from './look.ts';

export const Paragraph = ({ text }: { text: string }) => <Text style={TEXT}>{text}</Text>;

/** Spaced by style and not by spaces, so that it is copied as it is typed. */
export const Code = ({ code }: { code: string }) => (
  <Text
    className="code"
    style={{
      margin: '0 0 16px',
      padding: '14px 0',
      borderRadius: 10,
      backgroundColor: HONEY,
      color: INK,
      textAlign: 'center',
      font: '700 34px/1.2 ui-monospace,Menlo,Consolas,monospace',
      letterSpacing: 6,
      textIndent: 6,
      WebkitUserSelect: 'all',
      userSelect: 'all',
    }}
  >
    {code}
  </Text>
);

/** The one thing to do. A paragraph around it, so that it stands alone in the text too. */
export const Action = ({ label, url }: { label: string; url: string }) => (
  <Text style={{ ...TEXT, margin: '24px 0' }}>
    <Button
      className="action"
      href={url}
      style={{
        padding: '12px 20px',
        borderRadius: 10,
        backgroundColor: ACCENT,
        color: '#ffffff',
        fontWeight: 700,
      }}
    >
      {label}
    </Button>
  </Text>
);

/** What somebody else wrote. */
export const Quote = ({ lines }: { lines: ReactNode }) => (
  <blockquote
    className="quote"
    style={{ margin: '0 0 16px', padding: '12px 16px', borderRadius: 10, backgroundColor: HONEY, color: INK }}
  >
    {lines}
  </blockquote>
);

export const Home = ({ name }: { name: string }) => (
  <Heading as="h2" style={{ margin: '24px 0 12px', fontSize: 19, lineHeight: 1.25 }}>
    {name}
  </Heading>
);

/** A column of a board: its colour is a line beside its name, since no text could be read in all of them. */
export const BoardColumn = ({ name, color, tasks }: { name: string; color: string; tasks: ReactNode }) => (
  <>
    <Heading
      as="h3"
      style={{ margin: '0 0 8px', paddingLeft: 10, borderLeft: `4px solid ${color}`, fontSize: 16, lineHeight: 1.25 }}
    >
      {name}
    </Heading>
    {tasks}
  </>
);

export const List = ({ items }: { items: ReactNode }) => (
  <ul style={{ margin: '0 0 16px', paddingLeft: 22 }}>{items}</ul>
);

export const Item = ({ text }: { text: string }) => <li style={{ margin: '0 0 8px' }}>{text}</li>;

export const DatedItem = ({ text, when }: { text: string; when: string }) => (
  <li style={{ margin: '0 0 8px' }}>
    {text}
    <br />
    <span className="soft" style={SOFT}>
      {when}
    </span>
  </li>
);
