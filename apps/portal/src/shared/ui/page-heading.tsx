import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { usePageTitle } from '../hooks/use-page-title';

interface PageHeadingProps {
  /** Also the title of the browser's tab. */
  title: string;
  className?: string;
  children?: ReactNode;
}

/**
 * The heading of a page. It takes focus when the page was reached from within the portal, so that keyboard and screen
 * reader go on from there; on a fresh load the browser decides.
 */
export function PageHeading({ title, className, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFreshLoad = useLocation().key === 'default';
  const wasFreshLoad = useRef(isFreshLoad);
  usePageTitle(title);

  useEffect(() => {
    if (!wasFreshLoad.current) heading.current?.focus();
  }, []);

  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children ?? title}
    </h1>
  );
}
