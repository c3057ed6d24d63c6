//! Why a server cannot be put on its socket.

use domain::Text;
use std::net::SocketAddr;

/// A failure before the first request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Plain HTTP would leave this machine.
    #[error(
        "plain http on `{0}` is refused: give a certificate, or listen on 127.0.0.1, \
         or say that a proxy with TLS stands in front"
    )]
    Clear(SocketAddr),
    /// The address cannot be had.
    #[error("`{address}` cannot be listened on")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The certificate or its key cannot be read.
    #[error("the {0} is not PEM")]
    Pem(&'static str, #[source] rustls_pki_types::pem::Error),
    /// There is no certificate in the file.
    #[error("the certificate file holds no certificate")]
    NoCertificate,
    /// Certificate and key do not fit each other, or the library.
    #[error("certificate and key cannot be used")]
    Tls(#[source] rustls::Error),
}

impl Error {
    /// What it says to people.
    #[must_use]
    pub fn say(&self) -> Text {
        let zh = match self {
            Self::Clear(address) => format!(
                "不得在 `{address}` 上使用明文 HTTP：请提供证书，或监听 127.0.0.1，或说明前面有 TLS 代理"
            ),
            Self::Bind { address, .. } => format!("无法监听 `{address}`"),
            Self::Pem(what, _) => format!("{what} 不是 PEM 文件"),
            Self::NoCertificate => "证书文件中没有证书".to_owned(),
            Self::Tls(_) => "证书和私钥无法使用".to_owned(),
        };
        Text::new(zh, self.to_string())
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Clear(_) => "serve.clear_text",
            Self::Bind { .. } => "serve.bind",
            Self::Pem(..) | Self::NoCertificate | Self::Tls(_) => "serve.certificate",
        }
    }
}
