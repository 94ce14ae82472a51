import { useParams } from '@tanstack/react-router';

/** The id in the page's address. */
export function useId(): number {
  const { id = '' } = useParams({ strict: false });
  return Number(id);
}
