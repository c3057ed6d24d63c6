// A sheet of paper with a heading, where the toolkit's own brings its tabs into the first load.
import { theme } from "antd";
import { type ReactNode, useId } from "react";

type Props = { title?: ReactNode; wide?: boolean; children: ReactNode };

export function Sheet({ title, wide = false, children }: Props) {
  const { token } = theme.useToken();
  const name = useId();
  return (
    <section
      {...(title === undefined ? {} : { "aria-labelledby": name })}
      style={{
        background: token.colorBgContainer,
        border: `1px solid ${token.colorBorderSecondary}`,
        borderRadius: token.borderRadiusLG,
        padding: wide ? 32 : 12,
      }}
    >
      {title !== undefined && (
        <h2 id={name} className="sheet-name">
          {title}
        </h2>
      )}
      {children}
    </section>
  );
}
