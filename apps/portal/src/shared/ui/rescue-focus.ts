/** Parts of a page that can take a focus whose element is gone: those that have a name, and the page's content. */
const PLACES = 'section[aria-label], section[aria-labelledby], dialog, main';

/**
 * From now on, when the element that has focus leaves the document, focus goes to the nearest place around it that is
 * still there, so that keyboard and screen reader do not start over at the top of the window (WCAG 2.4.3). For a dialog
 * that closes, what is around it is also what had focus when it opened. Focus that the reader gave up stays given up.
 */
export function rescueFocus(root: HTMLElement): void {
  // The element that has focus, and what is around it: nearest first.
  let trail: Element[] = [];

  root.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) trail = followFocus(trail, target);
  });
  root.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget !== null) return;
    // A browser may send this for an element that it is about to remove: wait until it has, or has not.
    queueMicrotask(() => {
      if (target instanceof Element && target.isConnected && isFocusNowhere()) trail = [];
    });
  });
  new MutationObserver(() => {
    const [lost] = trail;
    if (lost === undefined || lost.isConnected || !isFocusNowhere()) return;
    const place = trail.find((element) => element.isConnected && element.matches(PLACES));
    trail = [];
    focusPlace(place ?? root.querySelector('main'));
  }).observe(root, { childList: true, subtree: true });
}

/** Gives focus to a part of the page, which can have it as long as it has it; the page stays where it is scrolled to. */
export function focusPlace(place: Element | null): void {
  if (!(place instanceof HTMLElement)) return;
  if (!place.hasAttribute('tabindex')) {
    place.tabIndex = -1;
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  }
  place.focus({ preventScroll: true });
}

/** Outside a dialog, the way up. In a dialog the way goes on where focus came from. */
function followFocus(trail: readonly Element[], focused: Element): Element[] {
  const way: Element[] = [];
  for (let element: Element | null = focused; element !== null; element = element.parentElement) {
    way.push(element);
    if (element instanceof HTMLDialogElement) return [...way, ...trail.slice(trail.indexOf(element) + 1)];
  }
  return way;
}

/** Whether nothing on the page has focus. */
export function isFocusNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
