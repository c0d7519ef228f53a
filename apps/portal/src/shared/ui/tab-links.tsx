import { useEffect, useRef } from 'react';
import { NavLink, useMatch, useResolvedPath } from 'react-router';
import { formatNumber } from '../format/format-count';
import styles from './tab-links.module.css';

interface TabLink {
  to: string;
  label: string;
  count?: number;
  /** Current only on exactly this address, not below it. */
  end?: boolean;
}

/** Sections of a place, each an address of its own: links, so that they can be opened, shared and gone back from. */
export function TabLinks({ label, links }: { label: string; links: readonly TabLink[] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {links.map((link) => (
        <Tab key={link.to} {...link} />
      ))}
    </nav>
  );
}

function Tab({ to, label, count, end = false }: TabLink) {
  const element = useRef<HTMLAnchorElement>(null);
  const { pathname } = useResolvedPath(to);
  const isCurrent = useMatch({ path: pathname, end }) !== null;
  // Where they do not all fit, the current one may lie beyond the edge.
  useEffect(() => {
    if (isCurrent && element.current) showInRow(element.current);
  }, [isCurrent]);
  return (
    <NavLink ref={element} to={to} end={end} className={styles.tab}>
      {label}
      {count !== undefined && <span className={styles.count}>{formatNumber(count)}</span>}
    </NavLink>
  );
}

/** Moves the row sideways alone: the page stays where its reader has it. */
function showInRow(element: HTMLElement): void {
  const nav = element.parentElement;
  if (!nav) return;
  const [row, tab] = [nav.getBoundingClientRect(), element.getBoundingClientRect()];
  nav.scrollLeft += tab.left - row.left - (row.width - tab.width) / 2;
}
