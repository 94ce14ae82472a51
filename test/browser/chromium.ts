import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** By what they cost: the headless shell takes half of what a browser with windows does. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const FOLDERS = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
const executablePath = NAMES.flatMap((name) => FOLDERS.map((folder) => join(folder, name))).find(existsSync);

/** A machine of one's own may lack a browser; CI may not. */
export const mayLackBrowser: boolean = !executablePath && !process.env.CI;

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), args: FLAGS });
