/**
 * To be called before an element leaves the document: focus that is inside it, or already nowhere, goes to the page's
 * content, so that keyboard and screen reader do not start over at the top of the window.
 */
export function rescueFocus(leaving: Element): void {
  const focused = document.activeElement;
  if (focused === document.body || leaving.contains(focused)) document.getElementById('main')?.focus();
}
