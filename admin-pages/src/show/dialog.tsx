import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { isOpen: boolean; onClose(): void; title: string; children: ReactNode };

export function Dialog({ isOpen, onClose, title, children }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
    </Modal>
  );
}
