import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';

type Announce = (message: string) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

/** Speaks the result of an action to a screen reader, for what otherwise is only seen. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}

/** Holds the page's one polite live region. A repeated message is spoken again, because its node is a new one. */
export function Announcer({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState({ text: '', count: 0 });
  const count = useRef(0);
  const announce = useCallback((text: string) => {
    count.current += 1;
    setMessage({ text, count: count.current });
  }, []);
  const region = useMemo(() => <span key={message.count}>{message.text}</span>, [message]);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
        {region}
      </div>
    </AnnounceContext>
  );
}
