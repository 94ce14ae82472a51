import { Skeleton, Stack } from '@mantine/core';

export function Loading() {
  return (
    <Stack role="status" aria-label="Loading">
      <Skeleton h={34} w={240} />
      <Skeleton h={120} />
      <Skeleton h={320} />
    </Stack>
  );
}
