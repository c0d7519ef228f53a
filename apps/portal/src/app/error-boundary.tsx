import { Component, type ReactNode } from 'react';
import { theVendor } from '../shared/branding/app-name';
import { Button } from '../shared/ui/button';
import { StatusPage } from '../shared/ui/status-page';

/** Keeps a bug in one page from leaving a blank window. React reports what it caught to the console itself. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <StatusPage
        title="Something went wrong on this page"
        actions={
          <Button tone="primary" icon="refresh" onClick={() => location.reload()}>
            Reload the page
          </Button>
        }
      >
        <p>What you set up is saved. If it happens again, tell {theVendor()}.</p>
      </StatusPage>
    );
  }
}
