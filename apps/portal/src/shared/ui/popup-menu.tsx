import { useState } from 'react';
import { useAnnounce } from './announcer';
import type { PopupMenuProps } from './popup-menu-props';
import styles from './popup-menu.module.css';

type LoadedMenu = typeof import('./loaded-popup-menu').LoadedPopupMenu;

const load = async (): Promise<LoadedMenu> => (await import('./loaded-popup-menu')).LoadedPopupMenu;

/** What opens a menu from its button (ARIA APG). */
const OPENING_KEYS = ['Enter', ' ', 'ArrowDown', 'ArrowUp'];

/**
 * A menu that finds its place in the window by itself, below or above its button. What does that is as large as half of a page, and comes
 * when somebody is about to open one.
 */
export function PopupMenu(props: PopupMenuProps) {
  const [Menu, setMenu] = useState<LoadedMenu>();
  const [isOpen, setIsOpen] = useState(false);
  const announce = useAnnounce();
  if (Menu) return <Menu {...props} isOpen={isOpen} onOpenChange={setIsOpen} />;
  const open = () =>
    void load().then(
      (Loaded) => setMenu(() => Loaded),
      () => announce('The menu could not be loaded. Check your connection, then try again.'),
    );
  // One that cannot be loaded yet is asked for again when it is opened.
  const prepare = () => void load().catch(() => undefined);
  return (
    <button
      type="button"
      className={styles.trigger}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={prepare}
      onFocus={prepare}
      onClick={open}
      onKeyDown={(event) => {
        if (!OPENING_KEYS.includes(event.key)) return;
        // Without a click, which a menu that opens meanwhile would take for a screen reader's and not put the focus on its first item.
        event.preventDefault();
        if (!event.repeat) open();
      }}
    >
      {props.trigger}
    </button>
  );
}
