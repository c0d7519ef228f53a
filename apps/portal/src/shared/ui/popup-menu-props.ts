import type { ReactNode } from 'react';

interface PopupItem {
  id: string;
  label: string;
  /** A second line. */
  detail?: string;
  /** Of several that exclude each other, the one that holds; absent where the item does something. */
  isChosen?: boolean;
  onSelect: () => void;
}

export interface PopupMenuProps {
  /** The name of the menu. */
  label: string;
  /** What the button shows, which is its name. */
  trigger: ReactNode;
  items: readonly PopupItem[];
  placement: 'bottom start' | 'top start';
}
