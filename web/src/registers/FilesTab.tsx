// The files of a record: what they are called, how large, their digest, and the way to them.
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button, Empty, Flex, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { answerOf } from "../ui/answer";
import { ProblemNote } from "../ui/ProblemNote";
import { takeFile } from "./download";
import { useFiles } from "./queries";

export function FilesTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const files = answerOf(useFiles(id, true));
  const take = useMutation({
    mutationFn: (file: Shapes["File"]) => takeFile(`/api/v1/files/${file.id}/content`, file.name),
  });
  if (files.data === undefined) {
    return files.instead;
  }
  if (files.data.length === 0) {
    return (
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={`${t("files.none")} ${t("empty.files")}`} />
    );
  }
  return (
    <Flex vertical gap={8}>
      {files.note}
      {take.error && <ProblemNote error={take.error} />}
      <Table<Shapes["File"]>
        size="small"
        rowKey="id"
        dataSource={files.data}
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { key: "name", title: t("files.name"), render: (_, file) => <bdi>{file.name}</bdi> },
          { key: "size", title: t("files.size"), render: (_, file) => `${Math.ceil(file.size / 1024)} KiB` },
          {
            key: "sha256",
            title: "SHA-256",
            render: (_, file) => (
              <Typography.Text
                code
                copyable={{ text: file.sha256 }}
              >{`${file.sha256.slice(0, 16)}…`}</Typography.Text>
            ),
          },
          {
            key: "do",
            title: t("rows.do"),
            render: (_, file) => (
              <Button
                size="small"
                icon={<DownloadOutlined aria-hidden="true" />}
                onClick={() => take.mutate(file)}
              >
                {t("files.open")}
              </Button>
            ),
          },
        ]}
      />
    </Flex>
  );
}
