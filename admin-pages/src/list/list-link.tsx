import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Search } from '../app/router';

/** To a list with its filters set. */
export function ListLink({ to, search, text }: { to: string; search: Search; text: string }) {
  return (
    <Button variant="default" renderRoot={(props) => <Link to={to} search={search} {...props} />}>
      {text}
    </Button>
  );
}
