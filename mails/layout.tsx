import type { ReactNode } from 'react';
import { Body, Column, Container, Head, Heading, Html, Link, Row, Text } from 'react-email';
import { ACCENT, CARD, DARK, PAGE, SOFT, TEXT, WRITING } from './look.ts';

type LayoutProps = { language: string; heading: string; body: ReactNode };

/** The one layout of all mails: a card on honey-coloured paper. */
export const Layout = ({ language, heading, body }: LayoutProps) => (
  <Html lang={language}>
    <Head>
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{heading}</title>
      <style>{DARK}</style>
    </Head>
    <Body className="page" lang={language} style={PAGE}>
      <Container className="card" style={CARD}>
        <Row>
          <Column className="ink" style={WRITING}>
            <Text className="mark" data-skip-in-text="true" style={{ ...TEXT, color: ACCENT, fontWeight: 700 }}>
              honeyDue
            </Text>
            <Heading style={{ margin: '0 0 16px', fontSize: 22, lineHeight: 1.25 }}>{heading}</Heading>
            {body}
          </Column>
        </Row>
      </Container>
    </Body>
  </Html>
);

export const Footer = ({ text, children }: { text: string; children?: ReactNode }) => (
  <Text className="soft" style={{ ...SOFT, margin: '24px 0 0' }}>
    {text}
    {children}
  </Text>
);

/** Of a mail that its reader can switch off. */
export const FooterWithLink = ({ text, label, url }: { text: string; label: string; url: string }) => (
  <Footer text={text}>
    {' '}
    <Link className="soft" href={url} style={{ color: SOFT.color, textDecoration: 'underline' }}>
      {label}
    </Link>
  </Footer>
);
