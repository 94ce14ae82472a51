import * as z from 'zod';

/** What is read through `/api/media/`: a photo of a completion, a file of a document. */
export const MediaKind = z.enum(['completion-image', 'document-file']);
export type MediaKind = z.infer<typeof MediaKind>;

/** Smaller pictures, made when a photo is prepared. */
export const MediaVariant = z.enum(['thumbnail', 'medium']);
export type MediaVariant = z.infer<typeof MediaVariant>;

/** One file as its row says, which its address and its validators follow from. */
export type Media = {
  object_key: string;
  /** Null until somebody has looked. */
  version_id: string | null;
  content_type: string;
  size: number;
  filename: string;
  /** Of the content, verified; null until the file was prepared. */
  sha256: string | null;
  /** RFC 3339. */
  modified_at: string;
};

/** Strong: of the content or, until that is verified, of the one version in storage that is given out. */
export const mediaTag = ({ sha256, version_id, object_key }: Media): string =>
  `"${sha256?.slice(0, 32) ?? version_id ?? object_key}"`;

/** An address that names the content can never lead to another: whoever has it need not ask again. */
export const namesContent = ({ sha256 }: Media, named: string | undefined): boolean =>
  sha256 !== null && named === sha256.slice(0, 8);

type Conditions = { if_none_match: string[]; if_modified_since: string | null };

/** Whether the caller has it already (RFC 9110, 13.2.2): a date counts only where no tag is named. */
export function isKnown(media: Media, { if_none_match, if_modified_since }: Conditions): boolean {
  if (if_none_match.length > 0) return if_none_match.includes('*') || if_none_match.includes(mediaTag(media));
  return if_modified_since !== null && secondOf(media.modified_at) <= Date.parse(if_modified_since);
}

/** Whether a range is of what the caller has a part of: by a strong tag, or a date that is exactly ours. */
export function isSame(media: Media, if_range: string | undefined): boolean {
  if (if_range === undefined) return true;
  return if_range.startsWith('"') ? if_range === mediaTag(media) : Date.parse(if_range) === secondOf(media.modified_at);
}

/** As HTTP spells it, which knows no parts of a second. */
export const lastModified = ({ modified_at }: Media): string => new Date(modified_at).toUTCString();

const secondOf = (at: string): number => Math.floor(Date.parse(at) / 1000) * 1000;
