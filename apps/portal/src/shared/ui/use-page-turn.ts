import { useEffect, useRef, type RefObject } from 'react';
import type { ListPosition } from '../format/list-position';
import { useAnnounce } from './announcer';
import { focusPlace } from './rescue-focus';

/** The reader goes to another page of a list. */
export interface PageTurn {
  position: ListPosition;
  /** Pressed with a key, not with a pointer. */
  byKeyboard: boolean;
}

interface TurnablePage {
  /** The table, with its pages below it. */
  frame: RefObject<HTMLElement | null>;
  position: ListPosition;
  /** The rows that are shown are those of the page before. */
  isOnItsWay: boolean;
  /** What the page says of itself when it has arrived. */
  announcement: string;
  onMove: (position: ListPosition) => void;
}

/**
 * Turns pages so that the reader begins at the top of the new one. Who pressed a button with a key keeps it in focus, to
 * press it again; who used a pointer reads on from the table. Both hear which rows these are.
 */
export function usePageTurn({ frame, position, isOnItsWay, announcement, onMove }: TurnablePage) {
  const announce = useAnnounce();
  const turned = useRef<PageTurn | null>(null);

  useEffect(() => {
    const turn = turned.current;
    if (turn === null || isOnItsWay || turn.position.page !== position.page) return;
    turned.current = null;
    const element = frame.current;
    if (element === null) return;
    if (element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: 'start' });
    if (!turn.byKeyboard) focusPlace(element);
    announce(announcement);
  }, [frame, position.page, isOnItsWay, announcement, announce]);

  return (turn: PageTurn) => {
    // The tokens at hand are those of the page before: they would lead to the page that is already coming.
    if (isOnItsWay) return;
    turned.current = turn;
    onMove(turn.position);
  };
}
