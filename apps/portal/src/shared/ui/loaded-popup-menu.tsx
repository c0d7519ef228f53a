import { useEffect, useRef } from 'react';
import { i18n } from '@lingui/core';
import { Button, I18nProvider, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { writeHidden } from '../format/mark-hidden';
import { ForeignText } from './foreign-text';
import { Icon } from './icon';
import type { PopupMenuProps } from './popup-menu-props';
import styles from './popup-menu.module.css';

interface LoadedPopupMenuProps extends PopupMenuProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** The menu itself with its button, in place of the one on which it was asked for: it opens at once. */
export function LoadedPopupMenu({ label, trigger, items, placement, isOpen, onOpenChange }: LoadedPopupMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Before it opens: the focus comes back to where it was then.
    button.current?.focus();
    onOpenChange(true);
  }, [onOpenChange]);
  return (
    // Else the words and the direction of the menu would be those of the browser's language.
    <I18nProvider locale={i18n.locale}>
      <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
        <Button ref={button} className={styles.trigger ?? ''}>
          {trigger}
        </Button>
        <Popover placement={placement} offset={6} className={styles.popover ?? ''}>
          <Menu
            className={styles.menu ?? ''}
            aria-label={writeHidden(label)}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the focus goes into a menu that opens (ARIA APG)
            autoFocus="first"
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
