import type { Context, MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { AppError } from '../../domain/errors.ts';
import { isForm } from './contract.ts';
import type { AppEnv } from './env.ts';

/** A form that a browser sends by itself is answered with a page, as its reader expects. */
export const pagesForForms = (): MiddlewareHandler<AppEnv> =>
  async function pagesForForms(c, next) {
    await next();
    if (!isForm(c)) return;
    c.header('cache-control', 'no-store');
    if (!c.error) c.res = new Response(null, { status: 303, headers: { location: '/contact/thanks/' } });
    else if (c.error instanceof AppError) c.res = await refusal(c, c.error);
  };

async function refusal(c: Context<AppEnv>, { message, details }: AppError): Promise<Response> {
  const wrong = Object.entries(details.fields ?? {}).map(
    ([field, [what]]) => html`<li>${NAMES[field] ?? field}: ${what}</li>`,
  );
  const page = await html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Not sent – honeyDue</title>
    <link rel="stylesheet" href="/site.css">
  </head>
  <body class="lost">
    <main>
      <h1>It was not sent</h1>
      <p class="lede">${message} Go back: what you wrote is still there.</p>
      <ul class="wrong">${wrong}</ul>
      <p class="actions"><a class="button" href="/#contact">Back to the form</a></p>
    </main>
  </body>
</html>
`;
  return new Response(String(page), { status: c.res.status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

const NAMES: Record<string, string> = { name: 'Your name', email: 'Your e-mail address', message: 'Your message' };
