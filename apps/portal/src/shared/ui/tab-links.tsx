import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import { formatNumber } from '../format/format-count';
import styles from './tab-links.module.css';

export interface TabLink {
  to: string;
  label: string;
  count?: number;
  /** Current only on exactly this address, not below it. */
  end?: boolean;
}

/** Sections of a place, each an address of its own: links, so that they can be opened, shared and gone back from. */
export function TabLinks({ label, links }: { label: string; links: readonly TabLink[] }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // Where they do not all fit, the current one may lie beyond the edge.
  useEffect(() => {
    if (nav.current) showCurrent(nav.current, pathname);
  }, [pathname]);
  return (
    <nav ref={nav} className={styles.tabs} aria-label={label}>
      {links.map((link) => (
        <NavLink key={link.to} to={link.to} end={link.end} className={styles.tab}>
          {link.label}
          {link.count !== undefined && <span className={styles.count}>{formatNumber(link.count)}</span>}
        </NavLink>
      ))}
    </nav>
  );
}

/** Moves the row sideways alone: the page stays where its reader has it. */
function showCurrent(nav: HTMLElement, pathname: string): void {
  const current = [...nav.querySelectorAll('a')].findLast((link) => pathname.startsWith(link.pathname));
  if (!current) return;
  const [row, tab] = [nav.getBoundingClientRect(), current.getBoundingClientRect()];
  nav.scrollLeft += tab.left - row.left - (row.width - tab.width) / 2;
}
