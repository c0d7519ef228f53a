import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { ForeignText } from './foreign-text';

type Announce = (message: string) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

/** Speaks the result of an action to a screen reader, for what otherwise is only seen. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}

/**
 * Holds a polite live region. The page has one, and each modal dialog has its own, because what is behind a dialog is
 * inert and silent. A repeated message is spoken again, because its node is a new one.
 */
export function Announcer({ testId = 'announcer', children }: { testId?: string; children: ReactNode }) {
  const [message, setMessage] = useState({ text: '', count: 0 });
  const count = useRef(0);
  const announce = useCallback((text: string) => {
    count.current += 1;
    setMessage({ text, count: count.current });
  }, []);
  const region = useMemo(() => <ForeignText key={message.count} text={message.text} />, [message]);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite" data-testid={testId}>
        {region}
      </div>
    </AnnounceContext>
  );
}
