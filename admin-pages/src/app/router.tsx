import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Broken } from '../show/broken';
import { Loading } from '../show/loading';
import { NotFound } from '../show/not-found';
import { Shell } from './shell';
import { seemsSignedIn } from './signed-in';

/** What stands behind the `?` of an address: the state of a table, as strings. */
export type Search = Record<string, string | undefined>;

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: (search): Search => search as Search,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('../pages/login'), 'Page'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: ({ location }) => {
    if (!seemsSignedIn()) throw redirect({ to: '/login', search: { next: location.href } });
  },
});

/** A page is a module of its own, loaded when it is opened. */
const page = <const P extends string>(path: P, load: () => Promise<{ Page: () => ReactNode }>) =>
  createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load, 'Page') });

const pages = [
  page('/', () => import('../pages/overview')),
  page('/search', () => import('../pages/search')),
  page('/users', () => import('../pages/users')),
  page('/users/$id', () => import('../pages/user')),
  page('/subscriptions', () => import('../pages/subscriptions')),
  page('/contact-messages', () => import('../pages/contact-messages')),
  page('/contact-messages/$id', () => import('../pages/contact-message')),
  page('/contact-keys', () => import('../pages/contact-keys')),
  page('/residences', () => import('../pages/residences')),
  page('/residences/$id', () => import('../pages/residence')),
  page('/tasks', () => import('../pages/tasks')),
  page('/tasks/$id', () => import('../pages/task')),
  page('/completions', () => import('../pages/completions')),
  page('/completions/$id', () => import('../pages/completion')),
  page('/contractors', () => import('../pages/contractors')),
  page('/contractors/$id', () => import('../pages/contractor')),
  page('/documents', () => import('../pages/documents')),
  page('/documents/$id', () => import('../pages/document')),
  page('/templates', () => import('../pages/templates')),
  page('/templates/$id', () => import('../pages/template')),
  page('/look-ups/$kind', () => import('../pages/look-ups')),
  page('/jobs', () => import('../pages/jobs')),
  page('/jobs/$id', () => import('../pages/job')),
  page('/dead-letters', () => import('../pages/dead-letters')),
  page('/dead-letters/$id', () => import('../pages/dead-letter')),
  page('/deliveries', () => import('../pages/deliveries')),
  page('/webhooks', () => import('../pages/webhooks')),
  page('/webhooks/$id', () => import('../pages/webhook')),
  page('/audit-log', () => import('../pages/audit-log')),
  page('/status', () => import('../pages/status')),
  page('/trace', () => import('../pages/trace')),
  page('/settings', () => import('../pages/settings')),
  page('/account', () => import('../pages/account')),
] as const;

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([login, shell.addChildren(pages)]),
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: Broken,
    scrollRestoration: true,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
      return given.length > 0 ? `?${new URLSearchParams(given as [string, string][])}` : '';
    },
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
