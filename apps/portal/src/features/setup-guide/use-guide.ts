import { useCallback, useEffect, useState } from 'react';
import { withMessages } from '../../shared/language/load-messages';
import type { ProviderGuide } from './guide';
import { loadGuide } from './guides/load-guide';

interface LoadedGuide {
  /** undefined until its file has come. */
  guide: ProviderGuide | undefined;
  /** Its file could not be had. */
  hasFailed: boolean;
  load: () => void;
}

/** The guide of a provider, loaded when it is shown. */
export function useGuide(provider: string): LoadedGuide {
  const [guide, setGuide] = useState<ProviderGuide>();
  const [hasFailed, setHasFailed] = useState(false);
  const load = useCallback(() => {
    withMessages(['guides'], () => loadGuide(provider)).then(
      (loaded) => {
        setGuide(loaded);
        setHasFailed(false);
      },
      () => setHasFailed(true),
    );
  }, [provider]);
  useEffect(load, [load]);
  return { guide, hasFailed, load };
}
