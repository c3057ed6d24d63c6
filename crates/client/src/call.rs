//! One request and its answer; everything typed is built on [`Client::send`]. Tests use it
//! directly, to send what no typed call would.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use ureq::http::{Request, request::Builder};
use ureq::{Body, SendBody};
use wire::{Problem, limits};

use crate::connect::Identity;
use crate::{Client, Error, address};

/// A request before it is sent.
#[derive(Clone, Default)]
pub struct Call {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // WHY: headers and bodies carry passwords and tokens
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// A request by method and absolute path (`/api/v1/me`).
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends these bytes, whatever they are.
    #[must_use]
    pub fn bytes(mut self, media_type: &str, bytes: Vec<u8>) -> Self {
        self.body = Some(bytes);
        self.header("content-type", media_type)
    }

    /// Sends a value as JSON.
    ///
    /// # Errors
    /// [`Error::Request`].
    pub fn json(self, value: &impl Serialize) -> Result<Self, Error> {
        let bytes = serde_json::to_vec(value).map_err(|source| Error::Request {
            path: self.path.clone(),
            source: Box::new(source),
        })?;
        Ok(self.bytes("application/json", bytes))
    }
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    path: String,
}

impl Answer {
    /// The first header of this name (lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON of this form.
    ///
    /// # Errors
    /// [`Error::Answer`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|source| Error::Answer {
            path: self.path.clone(),
            source,
        })
    }

    /// The answer itself if the server did what was asked, else what it refused with.
    ///
    /// # Errors
    /// [`Error::Problem`] or [`Error::Unexpected`].
    pub fn accepted(self) -> Result<Self, Error> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(refusal(self.status, &self.path, &self.body))
    }
}

/// What a status that is not a success means.
pub(crate) fn refusal(status: u16, path: &str, body: &[u8]) -> Error {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => Error::Problem(Box::new(problem)),
        Err(_) => Error::Unexpected {
            status,
            path: path.to_owned(),
        },
    }
}

impl Client {
    /// Sends a request as whoever this client is, and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`Error::Clear`], [`Error::Request`] or [`Error::Unreachable`].
    pub fn send(&self, call: &Call) -> Result<Answer, Error> {
        let path = call.path.clone();
        let builder = self.request(call)?;
        let response = match &call.body {
            Some(bytes) => self.run(builder, &path, bytes.as_slice())?,
            None => self.run(builder, &path, ())?,
        };
        let (parts, mut body) = response.into_parts();
        let headers = parts.headers.iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        let bytes = body.with_config().limit(limits::ANSWER_BYTES).read_to_vec();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: bytes.map_err(|error| Error::Unreachable(Box::new(error)))?,
            path,
        })
    }

    /// Sends a request whose body is read from somewhere; the answer's body is not read yet.
    pub(crate) fn send_from(
        &self,
        call: &Call,
        body: SendBody<'_>,
    ) -> Result<ureq::http::Response<Body>, Error> {
        self.run(self.request(call)?, &call.path, body)
    }

    fn request(&self, call: &Call) -> Result<Builder, Error> {
        let clear = address::is_clear(&self.base);
        let mut builder = Request::builder()
            .method(call.method.as_str())
            .uri(format!("{}{}", self.base, call.path));
        for (name, value) in &call.headers {
            builder = builder.header(name, value);
        }
        match &self.identity {
            Identity::Nobody => Ok(builder),
            Identity::Token(_) | Identity::Session { .. } if clear => Err(Error::Clear),
            Identity::Token(token) => {
                Ok(builder.header("authorization", format!("Bearer {}", token.expose())))
            }
            Identity::Session { cookie, csrf } => {
                let builder = builder.header("cookie", cookie.expose());
                let said = call.headers.iter().any(|(name, _)| name == "x-csrf-token");
                let builder = if said {
                    builder
                } else {
                    builder.header("x-csrf-token", csrf.expose())
                };
                Ok(builder)
            }
        }
    }

    fn run(
        &self,
        builder: Builder,
        path: &str,
        body: impl ureq::AsSendBody,
    ) -> Result<ureq::http::Response<Body>, Error> {
        let request = builder.body(body).map_err(|source| Error::Request {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        self.agent
            .run(request)
            .map_err(|error| Error::Unreachable(Box::new(error)))
    }

    /// Asks for something below the interface's root.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.send(&Call::new("GET", &format!("{}{path}", address::API)))?
            .accepted()?
            .json()
    }

    /// Sends JSON below the interface's root and reads JSON back.
    pub(crate) fn submit<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        let call = Call::new(method, &format!("{}{path}", address::API)).json(body)?;
        self.send(&call)?.accepted()?.json()
    }
}
