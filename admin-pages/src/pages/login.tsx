import { Alert, Button, Card, Center, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDocumentTitle } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Search } from '../app/router';
import { noteSignedIn } from '../app/signed-in';
import { saidBy } from '../show/said-by';

/** Password first, then a code. */
export function Page() {
  useDocumentTitle('Sign in · honeyDue admin');
  const { next, ended }: Search = useSearch({ strict: false });
  const [wantsCode, setWantsCode] = useState(false);
  const [hasPhone, setHasPhone] = useState(true);
  const form = useForm({ initialValues: { email: '', password: '', totp: '', recovery_code: '' } });
  const login = useLogin(next, () => setWantsCode(true));
  const submit = ({ email, password, totp, recovery_code }: typeof form.values) => {
    const code = hasPhone ? { totp } : { recovery_code };
    login.mutate({ body: { email, password, ...(wantsCode && code) } });
  };
  return (
    <Center mih="100vh" p="md" component="main">
      <Card withBorder shadow="sm" padding="xl" w={400} maw="100%">
        <form onSubmit={form.onSubmit(submit)}>
          <Stack>
            <Center>
              <img src="/favicon.svg" alt="" width={56} height={56} />
            </Center>
            <Title order={1} size="h2" ta="center">
              honeyDue admin
            </Title>
            {ended && <Text ta="center">Your session has ended. Sign in to go on.</Text>}
            {login.isError && (
              <Alert color="red" variant="outline" role="alert">
                {saidBy(login.error)}
              </Alert>
            )}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              autoFocus
              readOnly={wantsCode}
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              readOnly={wantsCode}
              {...form.getInputProps('password')}
            />
            {wantsCode && hasPhone && (
              <TextInput
                label="Code of your authenticator"
                inputMode="numeric"
                autoComplete="one-time-code"
                pattern="[0-9]{6}"
                maxLength={6}
                autoFocus
                required
                {...form.getInputProps('totp')}
              />
            )}
            {wantsCode && !hasPhone && (
              <TextInput
                label="Recovery code"
                autoComplete="off"
                autoFocus
                required
                {...form.getInputProps('recovery_code')}
              />
            )}
            <Button type="submit" fullWidth loading={login.isPending}>
              {wantsCode ? 'Sign in' : 'Next'}
            </Button>
            {wantsCode && (
              <Button variant="subtle" onClick={() => setHasPhone(!hasPhone)}>
                {hasPhone ? 'I have lost my phone' : 'I have my phone'}
              </Button>
            )}
          </Stack>
        </form>
      </Card>
    </Center>
  );
}

function useLogin(next: string | undefined, onCodeWanted: () => void) {
  const queries = useQueryClient();
  const router = useRouter();
  // What somebody else saw in this window is gone.
  useEffect(() => queries.clear(), [queries]);
  return api.useMutation('post', '/api/admin/login/', {
    meta: { tellsItself: true },
    onSuccess: (answer) => {
      if ('totp_required' in answer) return onCodeWanted();
      noteSignedIn(true);
      router.history.push(next?.startsWith('/') && !next.startsWith('//') ? next : '/');
    },
  });
}
