import { LinkButton } from '@grafana/ui';
import React from 'react';

interface Props {
  href: string;
  text: string;
}

/** The way back to the list that something is of. */
export function BackLink({ href, text }: Props) {
  return (
    <LinkButton variant="secondary" fill="outline" size="sm" icon="arrow-left" href={href}>
      {text}
    </LinkButton>
  );
}
