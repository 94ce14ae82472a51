/** A field's name as people read it: `last_used_at` is “Last used at”. */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/^is /, '').replace(/ id$/, '');
  if (words === 'id') return 'ID';
  return words.charAt(0).toUpperCase() + words.slice(1);
}
