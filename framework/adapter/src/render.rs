//! Move values as JSON, the way the public API shows them.

use crate::{Executor, QueryError};
use heddle_objects::ObjectRead;
use serde_json::Value;
use sui_sdk_types::TypeTag;

impl Executor {
    /// Renders a Move value in the public API's JSON: integers up to 32 bits
    /// as numbers and wider ones as strings, addresses and ids as `0x…`,
    /// strings as strings, `option` as the value or null, `vector<u8>` as
    /// base64, other structs as objects by field name.
    ///
    /// # Errors
    /// [`QueryError`] if the type can't be loaded, the bytes are no value of
    /// it, or the store fails.
    pub fn render_json(
        &self,
        store: &dyn ObjectRead,
        type_: &TypeTag,
        bytes: &[u8],
    ) -> Result<Value, QueryError> {
        let _ = (store, type_, bytes);
        Err(QueryError::NotBuilt("JSON rendering"))
    }
}
