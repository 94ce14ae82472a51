import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { AccountMenu } from './account-menu';
import { ReadOnlyBanner } from './read-only-banner';
import { SchemeButton } from './scheme-button';
import { SearchField } from './search-field';
import { SECTIONS } from './sections';

/** What is around every page but the login. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a narrow screen another page closes the menu.
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header px="md">
        <a className="skip-link" href="#main">
          Skip to the page
        </a>
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="xs">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <img src="/favicon.svg" alt="" width={28} height={28} />
            <Text fw={700} visibleFrom="sm">
              honeyDue
            </Text>
          </Group>
          <SearchField />
          <Group wrap="nowrap" gap="xs">
            <SchemeButton />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <div style={{ overflowY: 'auto' }}>
          {SECTIONS.map(({ name, pages }) => (
            <section key={name}>
              <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>
                {name}
              </Text>
              {pages.map(({ to, name: label, icon: PageIcon }) => (
                <NavLink
                  key={to}
                  label={label}
                  leftSection={<PageIcon size={16} />}
                  active={isIn(to, pathname)}
                  aria-current={isIn(to, pathname) ? 'page' : undefined}
                  py={6}
                  renderRoot={(props) => <Link to={to} {...props} />}
                />
              ))}
            </section>
          ))}
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <ReadOnlyBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

/** A page, and what is below it. */
function isIn(to: string, pathname: string): boolean {
  if (to.startsWith('/look-ups/')) return pathname.startsWith('/look-ups/');
  return pathname === to || (to !== '/' && pathname.startsWith(`${to}/`));
}
