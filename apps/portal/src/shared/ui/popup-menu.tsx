import type { ReactNode } from 'react';
import { i18n } from '@lingui/core';
import { Button, I18nProvider, Menu, MenuItem, MenuTrigger, Popover, type PopoverProps } from 'react-aria-components';
import { writeHidden } from '../format/mark-hidden';
import { ForeignText } from './foreign-text';
import { Icon } from './icon';
import styles from './popup-menu.module.css';

interface PopupItem {
  id: string;
  label: string;
  /** A second line. */
  detail?: string;
  /** Of several that exclude each other, the one that holds; absent where the item does something. */
  isChosen?: boolean;
  onSelect: () => void;
}

interface PopupMenuProps {
  /** The name of the menu. */
  label: string;
  /** What the button shows, which is its name. */
  trigger: ReactNode;
  items: readonly PopupItem[];
  placement?: PopoverProps['placement'];
}

/** A menu that finds its place in the window by itself, below, above or beside its button. */
export function PopupMenu({ label, trigger, items, placement = 'bottom start' }: PopupMenuProps) {
  return (
    // Else the words and the direction of the menu would be those of the browser's language.
    <I18nProvider locale={i18n.locale}>
      <MenuTrigger>
        <Button className={styles.trigger ?? ''}>{trigger}</Button>
        <Popover placement={placement} offset={6} className={styles.popover ?? ''}>
          <Menu
            className={styles.menu ?? ''}
            aria-label={writeHidden(label)}
            onAction={(id) => items.find((item) => item.id === id)?.onSelect()}
          >
            {items.map((item) => (
              <MenuItem key={item.id} id={item.id} textValue={item.label} className={styles.item ?? ''}>
                <span className={styles.words}>
                  <span className={styles.label}>
                    <ForeignText text={item.label} />
                  </span>
                  {item.detail !== undefined && (
                    <span className={styles.detail}>
                      <ForeignText text={item.detail} />
                    </span>
                  )}
                </span>
                {item.isChosen && (
                  <>
                    <span className="visually-hidden">, chosen</span>
                    <Icon name="check" size={16} />
                  </>
                )}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </I18nProvider>
  );
}
