import { Anchor, Container, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Container size="xs" py="xl">
      <Title order={1}>No such page</Title>
      <Text>
        It may have moved. <Anchor renderRoot={(props) => <Link to="/" {...props} />}>To the overview</Anchor>
      </Text>
    </Container>
  );
}
