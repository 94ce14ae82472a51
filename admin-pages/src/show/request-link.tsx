import { Anchor, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** To everything that is kept of a request. */
export function RequestLink({ id }: { id: string }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/trace" search={{ id }} {...props} />}>
      <Code className="wraps">{id}</Code>
    </Anchor>
  );
}
