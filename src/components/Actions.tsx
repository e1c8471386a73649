import { css } from '@emotion/css';
import { Button, Dropdown, type IconName, LinkButton, Menu, useStyles2 } from '@grafana/ui';
import React from 'react';

import { t } from '../text';

import { MEDIUM, NARROW } from './narrow';

export interface Action {
  text: string;
  icon?: IconName;
  /** Where it leads, or else what it does. */
  href?: string;
  onClick?: () => void;
  /** What it leads to is one of these. */
  choices?: Action[];
  disabled?: boolean;
  /** Why it cannot be done. */
  reason?: string;
  destructive?: boolean;
}

interface Props {
  actions: Action[];
  /** They have room where a table has. */
  few?: boolean;
}

/** What can be done besides what is done most: buttons, and one menu where there is no room for them. */
export function Actions({ actions, few }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <>
      <div className={few ? styles.few : styles.many}>
        {actions.map((action) => (
          <ActionButton key={action.text} {...action} />
        ))}
      </div>
      <div className={few ? styles.menuOfFew : styles.menuOfMany}>
        <Dropdown overlay={menuOf(actions.flatMap((action) => action.choices ?? action))} placement="bottom-end">
          <Button variant="secondary" icon="ellipsis-v" aria-label={t('common.more')} tooltip={t('common.more')} />
        </Dropdown>
      </div>
    </>
  );
}

function ActionButton({ text, icon, href, onClick, choices, disabled, reason }: Action) {
  if (href) {
    return (
      <LinkButton variant="secondary" icon={icon} href={href}>
        {text}
      </LinkButton>
    );
  }
  const button = <Button {...{ variant: 'secondary', icon, disabled, tooltip: reason, onClick }}>{text}</Button>;
  return choices ? <Dropdown overlay={menuOf(choices)}>{button}</Dropdown> : button;
}

const menuOf = (actions: Action[]) => (
  <Menu>
    {actions.map(({ text, icon, href, onClick, disabled, reason, destructive }) => (
      <Menu.Item
        key={text}
        {...{ label: text, icon, url: href, onClick, disabled, destructive, description: reason }}
      />
    ))}
  </Menu>
);

const getStyles = () => ({
  many: css({ display: 'contents', [MEDIUM]: { display: 'none' } }),
  // At the end of its line.
  menuOfMany: css({ display: 'none', order: 1, [MEDIUM]: { display: 'block' } }),
  few: css({ display: 'contents', [NARROW]: { display: 'none' } }),
  menuOfFew: css({ display: 'none', order: 1, [NARROW]: { display: 'block' } }),
});
