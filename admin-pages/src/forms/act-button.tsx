import { Button, type ButtonProps, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Dialog } from '../show/dialog';

type Props = Pick<ButtonProps, 'variant' | 'color' | 'loading' | 'size'> & {
  children: string;
  /** What happens, before it does. */
  explains: ReactNode;
  onAct(): void;
};

/** A button that asks first. */
export function ActButton({ children, explains, onAct, variant = 'default', color, ...rest }: Props) {
  const [isOpen, { open, close }] = useDisclosure();
  const act = () => {
    close();
    onAct();
  };
  return (
    <>
      <Button variant={variant} color={color} onClick={open} {...rest}>
        {children}
      </Button>
      <Dialog isOpen={isOpen} onClose={close} title={`${children}?`}>
        <Stack>
          <div>{explains}</div>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button color={color} onClick={act}>
              {children}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
