import { Alert } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../api/client';

export function ReadOnlyBanner() {
  const { data } = api.useQuery('get', '/api/admin/settings/');
  if (!data?.is_read_only) return null;
  return (
    <Alert color="red" variant="outline" mb="md" title="Users can’t write at the moment">
      The read-only switch is on. It is turned off in the <Link to="/settings">settings</Link>.
    </Alert>
  );
}
