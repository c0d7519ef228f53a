import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button, IconButton } from './button';
import { Icon } from './icon';
import { findByLetter, rollFocus } from './rolling-focus';
import styles from './menu.module.css';

export interface MenuItem {
  label: string;
  tone?: 'bad';
  /** Of several that exclude each other, whether it is the one that holds; absent where the item does something. */
  isChosen?: boolean;
  /** BCP 47, where the label is of another language than the page. */
  language?: string;
  onSelect: () => void;
}

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  /** `button` writes the label on the button, `icon` shows three dots and keeps the label for screen readers. */
  trigger: 'button' | 'icon';
  /** What a button shows instead of the label, which then names the menu alone. */
  shown?: ReactNode;
}

/** A menu button (ARIA APG): arrows, Home, End and letters move, Escape and Tab close, focus returns to the button. */
export function Menu({ label, items, trigger, shown }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();

  useEffect(() => {
    if (!open) return undefined;
    const closeOutside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const triggerProps = {
    ref: button,
    'aria-haspopup': 'menu' as const,
    'aria-expanded': open,
    'aria-controls': open ? listId : undefined,
    onClick: () => setOpen(!open),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' || open) return;
      event.preventDefault();
      setOpen(true);
    },
  };

  return (
    <div ref={root} className={styles.menu}>
      {trigger === 'icon' ? (
        <IconButton icon="more" label={label} {...triggerProps} />
      ) : (
        <Button {...triggerProps}>
          {shown ?? (
            <>
              {label}
              <Icon name="chevronDown" size={16} />
            </>
          )}
        </Button>
      )}
      {open && <MenuList id={listId} label={label} items={items} onClose={close} />}
    </div>
  );
}

interface MenuListProps {
  id: string;
  label: string;
  items: readonly MenuItem[];
  /** Closes and gives focus back to the button. */
  onClose: () => void;
}

function MenuList({ id, label, items, onClose }: MenuListProps) {
  const [current, setCurrent] = useState(() =>
    Math.max(
      0,
      items.findIndex((item) => item.isChosen),
    ),
  );
  const elements = useRef<(HTMLButtonElement | null)[]>([]);

  useLayoutEffect(() => {
    elements.current[current]?.focus();
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      // The browser goes on from the button.
      onClose();
      return;
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
      return;
    }
    const labels = items.map((item) => item.label);
    const next = rollFocus(event.key, current, items.length, 'vertical') ?? letterTarget(event, current, labels);
    if (next === null) return;
    event.preventDefault();
    setCurrent(next);
  };

  return (
    <div id={id} className={styles.list} role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {items.map((item, index) => (
        <button
          key={item.label}
          ref={(element) => {
            elements.current[index] = element;
          }}
          type="button"
          role={item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
          aria-checked={item.isChosen}
          lang={item.language}
          tabIndex={index === current ? 0 : -1}
          className={`${styles.item} ${item.tone === 'bad' ? styles.bad : ''}`}
          onClick={() => {
            // Focus is back on the button first, so that a dialog opened by the item returns it there.
            onClose();
            item.onSelect();
          }}
        >
          {item.label}
          {item.isChosen && <Icon name="check" size={16} />}
        </button>
      ))}
    </div>
  );
}

function letterTarget(event: KeyboardEvent, current: number, labels: readonly string[]): number | null {
  const plain = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
  return plain ? findByLetter(event.key, current, labels) : null;
}
