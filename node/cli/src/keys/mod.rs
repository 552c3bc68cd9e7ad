//! `heddle keys`: private keys in the public formats.

mod derive;
pub(crate) mod keystore;

use crate::config::ClientConfig;
use crate::output::Output;
use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use keystore::{Key, Keystore};
use serde_json::json;
use std::io::{IsTerminal, Read};
use std::path::Path;
use sui_crypto::ed25519::Ed25519PrivateKey;
use sui_crypto::secp256k1::Secp256k1PrivateKey;
use sui_crypto::secp256r1::Secp256r1PrivateKey;
use sui_crypto::simple::SimpleKeypair;

/// What `heddle keys` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a new key
    ///
    /// The first key made becomes the active one. The key lies unencrypted in the configuration
    /// folder, readable by you alone.
    New(NewArgs),
    /// List all keys
    List,
    /// Add a key that exists elsewhere
    ///
    /// Takes suiprivkey1…, a recovery phrase, base64 of flag and key, or 64 hexadecimal digits (a
    /// raw ed25519 key). Without an argument it is read from standard input, so that it does not
    /// stay in your shell's history.
    Import(ImportArgs),
    /// Print a private key as suiprivkey1…, the form that wallets and SDKs take
    Export {
        /// Address or name of the key
        key: String,
    },
    /// Choose the key that signs unless --from says otherwise
    Use {
        /// Address or name of the key
        key: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name of the key [default: key-0, key-1, …]
    #[arg(long)]
    alias: Option<String>,
    /// Signature scheme
    #[arg(long, value_enum, default_value_t = Scheme::Ed25519)]
    scheme: Scheme,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The key; read from standard input if absent
    key: Option<String>,
    /// Name of the key
    #[arg(long)]
    alias: Option<String>,
    /// Derivation path for a recovery phrase [default: m/44'/784'/0'/0'/0']
    #[arg(long)]
    path: Option<String>,
}

/// The signature schemes that a key can have.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scheme {
    Ed25519,
    Secp256k1,
    Secp256r1,
}

/// Runs `heddle keys …`.
pub(crate) fn run(command: KeysCommand, folder: &Path, output: &Output) -> anyhow::Result<()> {
    let mut keystore = Keystore::open(folder)?;
    let mut config = ClientConfig::load(folder)?;
    match command {
        KeysCommand::New(args) => {
            let key = keystore.add(generate(args.scheme), args.alias)?;
            added(&key, folder, &mut config, output, "New key")
        }
        KeysCommand::Import(args) => {
            let text = match args.key {
                Some(text) => text,
                None => read_secret()?,
            };
            let keypair = derive::parse_key(&text, args.path.as_deref())?;
            let key = keystore.add(keypair, args.alias)?;
            added(&key, folder, &mut config, output, "Imported")
        }
        KeysCommand::List => list(&keystore, &config, output),
        KeysCommand::Export { key } => {
            let key = keystore.find(&key)?;
            let secret = key.keypair.to_suiprivkey().context("encode the key")?;
            output.print(
                &json!({ "address": key.address, "alias": key.alias, "private_key": secret }),
                || secret.clone(),
            )
        }
        KeysCommand::Use { key } => {
            let key = keystore.find(&key)?;
            config.active_address = Some(key.address);
            config.save(folder)?;
            output.print(
                &json!({ "active_address": key.address, "alias": key.alias }),
                || format!("{} ({}) signs from now on", key.alias, key.address),
            )
        }
    }
}

fn generate(scheme: Scheme) -> SimpleKeypair {
    // Any 32 bytes are an ed25519 key. A secp256k1 key must be below the order of the curve,
    // which random bytes miss with a chance of 2^-127: then try again.
    loop {
        let bytes: [u8; 32] = rand::random();
        let keypair = match scheme {
            Scheme::Ed25519 => Ok(Ed25519PrivateKey::new(bytes).into()),
            Scheme::Secp256k1 => Secp256k1PrivateKey::new(bytes).map(SimpleKeypair::from),
            Scheme::Secp256r1 => Ok(Secp256r1PrivateKey::new(bytes).into()),
        };
        if let Ok(keypair) = keypair {
            return keypair;
        }
    }
}

fn read_secret() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        anstream::eprintln!("Paste the key, then press Enter and Ctrl-D:");
    }
    let mut text = String::new();
    // No key is longer than a phrase of 24 words.
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("read the key from standard input")?;
    Ok(text)
}

fn added(
    key: &Key,
    folder: &Path,
    config: &mut ClientConfig,
    output: &Output,
    verb: &str,
) -> anyhow::Result<()> {
    if config.active_address.is_none() {
        config.active_address = Some(key.address);
        config.save(folder)?;
    }
    let active = config.active_address == Some(key.address);
    output.print(
        &json!({
            "address": key.address,
            "alias": key.alias,
            "scheme": key.keypair.scheme().name(),
            "active": active,
        }),
        || {
            format!(
                "{verb} {}: {}{}",
                key.alias,
                key.address,
                if active { " (active)" } else { "" }
            )
        },
    )
}

fn list(keystore: &Keystore, config: &ClientConfig, output: &Output) -> anyhow::Result<()> {
    let rows: Vec<_> = keystore
        .keys()
        .iter()
        .map(|key| {
            json!({
                "address": key.address,
                "alias": key.alias,
                "scheme": key.keypair.scheme().name(),
                "active": config.active_address == Some(key.address),
            })
        })
        .collect();
    output.print(&rows, || {
        if keystore.keys().is_empty() {
            return "No keys yet. Make one with `heddle keys new`.".to_owned();
        }
        let mut table = Output::table(["", "name", "address", "scheme"]);
        for key in keystore.keys() {
            let active = config.active_address == Some(key.address);
            table.add_row([
                if active { "*" } else { "" }.to_owned(),
                key.alias.clone(),
                key.address.to_string(),
                key.keypair.scheme().name().to_owned(),
            ]);
        }
        table.to_string()
    })
}
