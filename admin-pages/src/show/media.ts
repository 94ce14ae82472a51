/** Where an operator reads any file. */
export function mediaAddress(
  kind: 'completion-image' | 'document-file',
  id: number,
  variant?: 'thumbnail' | 'medium',
): string {
  return `/api/admin/media/${kind}/${id}/${variant ? `?variant=${variant}` : ''}`;
}
