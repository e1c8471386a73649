import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { type PluginPageProps } from '@grafana/runtime';
import { Tab, TabsBar, useStyles2 } from '@grafana/ui';
import { type ReactNode } from 'react';

interface Props {
  title?: ReactNode;
  subTitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page under its title. */
export function Page({ title, subTitle, actions, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        {actions}
      </header>
      {subTitle && <div className={styles.subTitle}>{subTitle}</div>}
      {children}
    </>
  );
}

/** The frame of the app's own pages, which Grafana's core gives as PluginPage; the title comes from the nav. */
export function appPage(titleOf: () => string) {
  return function AppPage({ pageNav, renderTitle, subTitle, actions, children }: PluginPageProps) {
    const title = pageNav?.text ?? titleOf();
    return (
      <Page title={renderTitle?.(title) ?? title} subTitle={subTitle ?? pageNav?.subTitle} actions={actions}>
        {pageNav?.children && (
          <TabsBar>
            {pageNav.children.map(({ text, url, active, icon }) => (
              <Tab key={text} label={text} href={url} active={active} icon={icon} />
            ))}
          </TabsBar>
        )}
        {children}
      </Page>
    );
  };
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({ display: 'flex', gap: theme.spacing(2), alignItems: 'center', justifyContent: 'space-between' }),
  title: css({ ...theme.typography.h2, margin: 0 }),
  subTitle: css({ color: theme.colors.text.secondary, marginBottom: theme.spacing(2) }),
});
