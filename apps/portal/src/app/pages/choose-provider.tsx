import { useNavigate } from 'react-router';
import { ProviderGrid, type ConfiguredDirectory } from '../../features/directories/provider-grid';
import { useFreshSecrets } from '../../features/secrets/fresh-secrets';
import styles from './pages.module.css';

/** The choice of a provider; the directory made is opened, with its token to be copied. */
export function ChooseProvider() {
  const navigate = useNavigate();
  const { remember } = useFreshSecrets();
  const open = ({ directory, issued }: ConfiguredDirectory) => {
    if (issued) remember(issued);
    void navigate(`/portal/directories/${directory.id}`);
  };
  return (
    <section className={styles.stack} aria-labelledby="choose-provider">
      <h2 id="choose-provider">Select your directory provider</h2>
      <ProviderGrid onConfigured={open} />
    </section>
  );
}
