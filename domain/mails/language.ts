import type { Letter } from '../mail.ts';
import { english } from './english.ts';
import { letter, type Wording } from './letter.ts';

/** Another language is another object that says all that `english` says. */
const WORDS = { en: english };
export type Language = keyof typeof WORDS;
type Words = (typeof WORDS)[Language];
type Footer = keyof Words['footers'];
type Say<Data> = (words: Words) => (data: Data) => Wording;

/** A mail that somebody gets because something happened to their account, or to what they asked for. */
export const inTheirLanguage =
  <Data>(say: Say<Data>, footer: Footer = 'account') =>
  (data: Data, language: Language = 'en'): Letter => {
    const words = WORDS[language];
    return letter({ language, footer: words.footers[footer] }, say(words)(data));
  };

/** Where one click ends mails of this kind, without signing in. */
type Switch = { unsubscribe_url: string };

/** A mail of a kind that a person can switch off: in its footer, and from the list of mails. */
export const thatCanBeStopped =
  <Data>(say: Say<Data>) =>
  (data: Data & Switch, language: Language = 'en'): Letter & { list_unsubscribe: string } => {
    const words = WORDS[language];
    const url = new URL(data.unsubscribe_url).href;
    const frame = { language, footer: words.footers.reminder, link: { label: words.stop, url } };
    return { ...letter(frame, say(words)(data)), list_unsubscribe: url };
  };
