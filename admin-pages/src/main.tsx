import './styles';
import { MantineProvider } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueries } from './api/queries';
import { ConfirmationDialog } from './app/confirmation-dialog';
import { reloadWhenReplaced } from './app/reload';
import { makeRouter } from './app/router';
import { noteSignedIn } from './app/signed-in';
import { theme } from './app/theme';
import { saidBy } from './show/said-by';

const queries = makeQueries({
  onDone: (message) => notifications.show({ message, color: 'green' }),
  onRefused: (error) =>
    notifications.show({ title: 'Not done', message: saidBy(error), color: 'red', autoClose: 10_000 }),
  onSignedOut: () => {
    noteSignedIn(false);
    const { href, pathname } = router.state.location;
    if (pathname !== '/login') router.navigate({ to: '/login', search: { next: href, ended: 'yes' } });
  },
});
const router = makeRouter(queries);

reloadWhenReplaced();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <Notifications position="top-right" containerWidth={380} />
          <ConfirmationDialog />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
