import { useLayoutEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import { writeHidden } from '../format/mark-hidden';
import { usePageTitle } from '../hooks/use-page-title';
import { ForeignText } from './foreign-text';

interface PageHeadingProps {
  /** Also the title of the browser's tab. */
  title: string;
  className?: string;
}

/**
 * The heading of a page. It takes focus when the page was reached from within the portal, so that keyboard and screen
 * reader go on from there; on a fresh load the browser decides.
 */
export function PageHeading({ title, className }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFreshLoad = useLocation().key === 'default';
  const wasFreshLoad = useRef(isFreshLoad);
  usePageTitle(writeHidden(title));

  // Before the page that is left would have its focus rescued.
  useLayoutEffect(() => {
    if (!wasFreshLoad.current) heading.current?.focus();
  }, []);

  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      <ForeignText text={title} />
    </h1>
  );
}
